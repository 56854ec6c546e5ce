import { describe, expect, it } from 'vitest';
import { linkAffinity, ownAffinity } from './affinity.ts';
import { conceptOf, looksLikeId, singular, stems, tokens } from './lexicon.ts';
import { isPersonalEmail } from './lexicon-domains.ts';
import { nearest } from './nearest.ts';

describe('tokens', () => {
  it.each([
    ['lead_created_at', 'lead created at'],
    ['LastModifiedDate', 'last modified date'],
    ['CustomerID', 'customer id'],
    ['lastmodifieddate', 'last modified date'],
    ['dealstage', 'deal stage'],
    ['How did you hear?', 'how did you hear'],
    ['HTTPStatus2', 'http status 2'],
    ['Émail-Adresse', 'email adresse'],
    ['timestamp', 'timestamp'],
  ])('%s', (name, expected) => {
    expect(tokens(name).join(' ')).toBe(expected);
  });

  it('knows the singular', () => {
    expect(['purchases', 'warehouses', 'statuses'].map(singular)).toEqual([
      'purchase',
      'warehouse',
      'status',
    ]);
    expect(['companies', 'boxes', 'status', 'series', 'addresses', 'leads'].map(singular)).toEqual([
      'company',
      'box',
      'status',
      'series',
      'address',
      'lead',
    ]);
    expect(stems('sales_activities')).toEqual(['sale', 'activity']);
  });
});

describe('concepts', () => {
  it.each([
    ['crm_leads', 'lead'],
    ['Opportunity', 'deal'],
    ['sales_pipeline', 'deal'],
    ['account_contacts', 'contact'],
    ['web_sessions_v2', 'activity'],
    ['Firmen', undefined],
  ])('%s is about %s', (name, concept) => {
    expect(conceptOf(name)).toBe(concept);
  });
});

describe('identifiers', () => {
  it('tells ids from place and line codes', () => {
    expect(['account_id', 'InvoiceNo', 'sku_code', 'Lead Number'].map(looksLikeId)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['zip_code', 'country_code', 'line_no', 'phone_number', 'paid'].map(looksLikeId)).toEqual(
      Array(5).fill(false),
    );
  });

  it('rates a key name by its table', () => {
    expect(ownAffinity('leads', 'lead_id')).toBe(95);
    expect(ownAffinity('Opportunity', 'Id')).toBe(100);
    expect(ownAffinity('opportunities', 'opp_id')).toBe(85);
    expect(ownAffinity('leads', 'lead_number')).toBeLessThan(ownAffinity('leads', 'Prospect ID'));
    expect(ownAffinity('leads', 'source')).toBe(0);
  });

  it('rates a link name by its target', () => {
    expect(linkAffinity('contacts', 'AccountId', 'accounts', 'Id')).toBe(3);
    expect(linkAffinity('deals', 'company', 'accounts', 'account')).toBe(2);
    expect(linkAffinity('deals', 'owner_id', 'users', 'id')).toBe(2);
    expect(linkAffinity('wins', 'mql_id', 'marketing_qualified_leads', 'key')).toBe(2);
    expect(linkAffinity('contacts', 'reports_to', 'contacts', 'id')).toBe(3);
    expect(linkAffinity('visits', 'duration', 'accounts', 'id')).toBe(0);
  });
});

it('knows personal mail', () => {
  expect(isPersonalEmail('Ann@GMail.com')).toBe(true);
  expect(isPersonalEmail('ann@initech.example')).toBe(false);
});

it('finds the nearest name', () => {
  expect(nearest('acount_id', ['contact_id', 'account_id', 'created'])).toBe('account_id');
  expect(nearest('zzzz', ['account_id'])).toBeUndefined();
});
