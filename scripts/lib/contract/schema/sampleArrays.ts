// Arrays of lengths at and beyond the limits, with one item at a time out of the ordinary.
import type {Json} from '../surface.ts'
import {childOf} from './document.ts'
import {itemCase, lengthsOf} from './holdsArray.ts'
import {itemAt, itemPlaces} from './itemPlaces.ts'
import {numberAt, ownMember} from './ownMember.ts'
import {isVaried, type Sampling} from './sampling.ts'
import {type Part, type SchemaCase, schemaCase} from './schemaCase.ts'

const longest = 25
const deepest = 4

export function* sampleArrays(
  part: SchemaCase,
  hints: readonly Part[],
  depth: number,
  sampling: Sampling,
): Generator<Json[]> {
  const {prover, standIns, samples} = sampling
  const {low, high} = lengthsOf(part)
  const said = [...part.parts, ...hints]
  const limits = said.flatMap(({keywords}) => [
    ...['minItems', 'maxItems', 'minContains', 'maxContains'].flatMap(name => numberAt(keywords, name) ?? []),
    itemPlaces(keywords).first.length,
  ])
  const lengths = [...new Set([low, 0, 1, 2, 3, ...limits.flatMap(limit => [limit - 1, limit, limit + 1])])].filter(
    length => length >= low && length <= Math.min(high, longest),
  )
  const places = [...Array(Math.min(Math.max(1, ...lengths), 6)).keys()].map(index => {
    const item = itemCase(part, index)
    const hinted = [
      ...hints.map(({node, keywords}) => childOf(node, itemAt(itemPlaces(keywords), index))),
      ...said.flatMap(({node, keywords}) => {
        const contains = ownMember(keywords, 'contains')
        return contains === undefined ? [] : [childOf(node, contains)]
      }),
    ]
    const found =
      depth < deepest && isVaried(item, hinted, sampling) ? samples(item, schemaCase(hinted).parts, depth + 1) : []
    const standIn = standIns.make(item.parts.map(({node}) => node))
    return {found: found.slice(0, 30), plain: found[0] ?? standIn, standIn, isEmpty: prover.isEmpty(item)}
  })
  const at = (index: number) => places[Math.min(index, places.length - 1)]
  for (const length of lengths) {
    const indexes = [...Array(length).keys()]
    const base = indexes.map(index => at(index)?.plain ?? null)
    yield base
    // All different, for those that must be.
    yield indexes.map(index => at(index)?.found[index % Math.max(1, at(index)?.found.length ?? 1)] ?? null)
    if (length > 3) continue
    for (const index of indexes) for (const value of at(index)?.found ?? []) yield base.with(index, value)
  }
}
