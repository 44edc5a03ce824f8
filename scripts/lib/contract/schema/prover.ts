// What the parts of the decision procedure need of one another while one question is answered.
import type {Json} from '../surface.ts'
import type {SchemaNode} from './document.ts'
import type {SchemaCase} from './schemaCase.ts'

export interface Prover {
  /** Whether it is certain that every value of the case is one of `node`. False where it is not certain. */
  holds(values: SchemaCase, node: SchemaNode): boolean
  /** The same for a part of a value: of a property, an item, a name. */
  holdsInside(values: SchemaCase, node: SchemaNode): boolean
  /** Whether it is certain that no value is in the case. */
  isEmpty(values: SchemaCase): boolean
  /** Whether two schemas, with all that they refer to, are written alike. */
  same(one: SchemaNode, other: SchemaNode): boolean
  /** Whether a value is one of `node`; undefined where that cannot be told. */
  accepts(node: SchemaNode, value: Json): boolean | undefined
  /** A schema of our own. The same text gives the same node. */
  make(schema: Json): SchemaNode
  /** Takes one step from the budget; false when it is spent. */
  spend(): boolean
  /** Remembers why something could not be shown; the first is told. */
  doubt(reason: string): void
}
