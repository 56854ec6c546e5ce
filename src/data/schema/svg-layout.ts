/**
 * Layered layout (Sugiyama): parents to the left of their children, long links broken by way points in each layer they
 * pass, order within layers by mean position of neighbours. Deterministic; meant for some tens of tables.
 */
export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}
export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
}
export interface Placed {
  readonly x: number;
  readonly y: number;
}
export interface PlacedNode extends Placed {
  /** Right side of the layer the node stands in. */
  readonly layerRight: number;
}
export interface Layout {
  readonly nodes: ReadonlyMap<string, PlacedNode>;
  /** Way points of edge i between its ends, from child to parent: right and left side of each layer it passes. */
  readonly ways: readonly (readonly Placed[])[];
  readonly width: number;
  readonly height: number;
}

interface Cell extends LayoutNode {
  readonly layer: number;
  readonly neighbours: string[];
}

const GAP_X = 110;
const GAP_Y = 26;
const WAY_HEIGHT = 10;
const MARGIN = 24;
const SWEEPS = 12;

export function layOut(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Layout {
  const layers = layerOf(nodes, edges);
  const cells = new Map<string, Cell>();
  for (const n of nodes) cells.set(n.id, { ...n, layer: layers.get(n.id)!, neighbours: [] });
  const ways = edges.map((e, i) => addWay(cells, e, i));
  const columns = order(cells);
  return place(columns, ways);
}

/** Longest path to a node without parents; links that close a cycle do not count. Lone nodes share the first layer. */
function layerOf(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): ReadonlyMap<string, number> {
  const layer = new Map<string, number>();
  const visit = (id: string, above: ReadonlySet<string>): number => {
    const known = layer.get(id);
    if (known !== undefined) return known;
    const path = new Set(above).add(id);
    const parents = edges.filter((e) => e.from === id && !path.has(e.to));
    const depth = Math.max(-1, ...parents.map((e) => visit(e.to, path))) + 1;
    layer.set(id, depth);
    return depth;
  };
  for (const n of nodes) visit(n.id, new Set());
  return pullRight(nodes, edges, layer);
}

/** Moves each parent next to its nearest child, so that links stay short. */
function pullRight(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  layer: Map<string, number>,
): ReadonlyMap<string, number> {
  const last = nodes.toSorted((a, b) => layer.get(b.id)! - layer.get(a.id)!);
  for (const { id } of last) {
    const own = layer.get(id)!;
    const children = edges
      .filter((e) => e.to === id && layer.get(e.from)! > own)
      .map((e) => layer.get(e.from)!);
    if (children.length > 0) layer.set(id, Math.min(...children) - 1);
  }
  return layer;
}

/** Adds way points to the layers an edge passes; returns their ids from child to parent. */
function addWay(cells: Map<string, Cell>, edge: LayoutEdge, index: number): readonly string[] {
  const [from, to] = [cells.get(edge.from)!, cells.get(edge.to)!];
  if (from === to) return [];
  const ids: string[] = [];
  for (let layer = from.layer - 1; layer > to.layer; layer--) {
    const id = `\0${index}/${layer}`;
    cells.set(id, { id, width: 0, height: WAY_HEIGHT, layer, neighbours: [] });
    ids.push(id);
  }
  const chain = [edge.from, ...ids, edge.to];
  for (let i = 1; i < chain.length; i++) {
    cells.get(chain[i - 1]!)!.neighbours.push(chain[i]!);
    cells.get(chain[i]!)!.neighbours.push(chain[i - 1]!);
  }
  return ids;
}

/** Columns of cells, ordered by sweeps over the mean position of neighbours. */
function order(cells: ReadonlyMap<string, Cell>): readonly (readonly Cell[])[] {
  const depth = Math.max(0, ...[...cells.values()].map((c) => c.layer)) + 1;
  const columns: Cell[][] = Array.from({ length: depth }, (_, i) =>
    [...cells.values()].filter((c) => c.layer === i),
  );
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = sweep % 2 === 0;
    for (const column of forward ? columns : columns.toReversed())
      settle(column, forward ? -1 : 1, cells, positions(columns));
  }
  return columns;
}

/** Orders a column by the mean position of neighbours on one side; a cell without any stays about where it is. */
function settle(
  column: Cell[],
  side: 1 | -1,
  cells: ReadonlyMap<string, Cell>,
  at: ReadonlyMap<string, number>,
): void {
  const middle = (c: Cell): number => {
    const near = c.neighbours.filter((n) => Math.sign(cells.get(n)!.layer - c.layer) === side);
    return near.length === 0 ? at.get(c.id)! : near.reduce((sum, n) => sum + at.get(n)!, 0) / near.length;
  };
  const keyed = column.map((c) => [c, middle(c)] as const).sort((a, b) => a[1] - b[1]);
  column.splice(0, column.length, ...keyed.map(([c]) => c));
}

const columnHeight = (column: readonly Cell[]): number =>
  column.reduce((sum, c) => sum + c.height + GAP_Y, -GAP_Y);

/** Centre of each cell with columns centred on one line. */
function positions(columns: readonly (readonly Cell[])[]): ReadonlyMap<string, number> {
  const at = new Map<string, number>();
  for (const column of columns) {
    let y = -columnHeight(column) / 2;
    for (const c of column) {
      at.set(c.id, y + c.height / 2);
      y += c.height + GAP_Y;
    }
  }
  return at;
}

function place(columns: readonly (readonly Cell[])[], ways: readonly (readonly string[])[]): Layout {
  const height = Math.max(0, ...columns.map(columnHeight)) + 2 * MARGIN;
  const at = new Map<string, PlacedNode>();
  let x = MARGIN;
  for (const column of columns) {
    const width = Math.max(0, ...column.map((c) => c.width));
    let y = (height - columnHeight(column)) / 2;
    for (const c of column) {
      at.set(c.id, { x, y, layerRight: x + width });
      y += c.height + GAP_Y;
    }
    x += width + GAP_X;
  }
  const across = (id: string): readonly Placed[] => {
    const { x: left, y: top, layerRight } = at.get(id)!;
    const y = top + WAY_HEIGHT / 2;
    return [
      { x: layerRight, y },
      { x: left, y },
    ];
  };
  return { nodes: at, ways: ways.map((ids) => ids.flatMap(across)), width: x - GAP_X + MARGIN, height };
}
