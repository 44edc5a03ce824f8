// Values without a form: some value of certain schemas, whichever it is. So an example needs no text for every pattern.
import type {Json} from '../surface.ts'
import type {StandIn} from './accepts.ts'
import type {SchemaNode} from './document.ts'
import type {Prover} from './prover.ts'

export interface StandIns {
  make(nodes: readonly SchemaNode[]): Json
  isStandIn(value: Json): boolean
  /** Such a value is one of every schema that is written like one of those it stands for. */
  answer(same: Prover['same']): StandIn
}

export function makeStandIns(): StandIns {
  const known = new WeakMap<object, readonly SchemaNode[]>()
  const of = (value: Json) => (value !== null && typeof value === 'object' ? known.get(value) : undefined)
  let made = 0
  return {
    make(nodes) {
      // No two are alike, as their values need not be.
      const value = {'…': ++made}
      known.set(value, nodes)
      return value
    },
    isStandIn: value => of(value) !== undefined,
    answer: same => value => {
      const nodes = of(value)
      if (nodes === undefined) return undefined
      return node => (nodes.some(own => same(own, node)) ? true : undefined)
    },
  }
}
