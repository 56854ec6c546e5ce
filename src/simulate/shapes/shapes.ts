/** The exports a company can be written as. */
import { hubspotShape } from './hubspot.ts';
import { productShape } from './product.ts';
import { salesforceShape } from './salesforce.ts';
import type { Shape } from './shape.ts';

export const SHAPES = ['plain', 'salesforce', 'hubspot', 'product'] as const;
export type ShapeName = (typeof SHAPES)[number];

export function createShape(name: ShapeName): Shape {
  switch (name) {
    case 'plain':
      return (table, row) => [{ table, row }];
    case 'salesforce':
      return salesforceShape();
    case 'hubspot':
      return hubspotShape();
    case 'product':
      return productShape();
  }
}
