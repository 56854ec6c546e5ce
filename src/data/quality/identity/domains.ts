/**
 * Mail and web hosts: the registrable domain after the Public Suffix List, and whether it is a provider's, free or
 * throw-away, whose addresses say nothing of an employer. Loaded when first needed.
 */
import { createRequire } from 'node:module';
import { getDomain } from 'tldts';
import { PERSONAL_EMAIL_DOMAINS } from '../../schema/lexicon-domains.ts';

let providers: ReadonlySet<string> | undefined;

function isProvider(domain: string): boolean {
  providers ??= new Set([
    ...PERSONAL_EMAIL_DOMAINS,
    ...(createRequire(import.meta.url)('email-providers/all.json') as readonly string[]),
  ]);
  return providers.has(domain);
}

export interface Host {
  /** As written, lower case. */
  readonly text: string;
  /** `mail.firm.co.uk`, `https://www.firm.co.uk/en` → `firm.co.uk`; undefined when there is none. */
  readonly site?: string;
  readonly provider: boolean;
  /** The domain under which one mailbox is known: `googlemail.com` → `gmail.com`. */
  readonly mailbox: string;
  /** `a+b@` and `a@` are one mailbox. */
  readonly tags: boolean;
  /** `a.b@` and `ab@` are one mailbox. */
  readonly dots: boolean;
}

/** Providers that document sub-addressing with `+`. */
const TAGGING = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com icloud.com me.com mac.com fastmail.com proton.me
  protonmail.com pm.me yandex.ru yandex.com zoho.com`.split(/\s+/),
);
const SAME_MAILBOX: Readonly<Record<string, string>> = { 'googlemail.com': 'gmail.com' };

export function hostOf(text: string): Host {
  const site = getDomain(text) ?? undefined;
  const mailbox = SAME_MAILBOX[text] ?? text;
  return {
    text,
    ...(site === undefined ? {} : { site }),
    provider: isProvider(text) || (site !== undefined && isProvider(site)),
    mailbox,
    tags: TAGGING.has(text),
    dots: mailbox === 'gmail.com',
  };
}

/** Mailboxes that a team reads: one address, many people. */
export const SHARED_MAILBOXES: readonly string[] =
  `info sales support contact admin office hello team mail marketing service help billing accounts hr jobs press
  webmaster postmaster noreply no-reply enquiries inquiries reception`.split(/\s+/);
