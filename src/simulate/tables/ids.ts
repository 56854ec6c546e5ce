/** How records are numbered in files. */
export const ids = {
  account: (a: number) => `A${10_000 + a}`,
  person: (p: number) => `C${100_000 + p}`,
  lead: (l: number) => `L${100_000 + l}`,
  deal: (d: number) => `OP${10_000 + d}`,
  rep: (r: number) => `R${100 + r}`,
} as const;
