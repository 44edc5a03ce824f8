// Tells how a schema changed, and for each change whether a client of the old one breaks by it.
import {changesOf, type SchemaChange} from '../schema/changesOf.ts'
import {documentFault} from '../schema/documentFault.ts'
import {type Inclusion, includes} from '../schema/includes.ts'
import {isObject} from '../schema/ownMember.ts'
import {withChange} from '../schema/withChange.ts'
import type {Difference, Json} from '../surface.ts'
import {pointerTo, quoted} from './pointer.ts'
import {schemaRules} from './schemaRules.ts'
import {shownChange} from './shown.ts'

export interface SchemaSubject {
  /** A client sends what an input describes, and receives what an output describes. */
  direction: 'input' | 'output'
  /** Where the schema is. */
  steps: readonly string[]
  /** As in `the input of tool "echo"`. */
  name: string
  /** Steps for comparing, shared by a whole diff. */
  budget: {steps: number}
}

const mostJudgedAlone = 60

type Verdict = Pick<Difference, 'kind' | 'reason' | 'steers'>

export function diffSchema(before: Json, after: Json, subject: SchemaSubject): Difference[] {
  const changes = changesOf(before, after)
  const constraints = changes.filter(({nature}) => nature === 'constraint')
  const others = changes.filter(({nature}) => nature !== 'constraint')
  const told = others.map(change => difference(change, schemaRules(change, subject.direction)))
  if (constraints.length === 0) return told
  const fault = documentFault(after) ?? documentFault(before)
  if (fault !== undefined) return [...diffFaulty(before, after, constraints, subject, fault), ...told]
  // The new schema itself, but in the old words: what is proved of pieces put together need not hold of it.
  const now = others.reduce((schema, change) => withChange(schema, {...change, after: change.before}), after)
  const whole = judge(now, constraints.length > 1)
  const isSettled = whole.answer === 'yes' || constraints.length === 1
  const judged = constraints.map((change, index) =>
    difference(change, verdictOf(isSettled ? whole : judgeAlone(change, index), subject, change)),
  )
  const inOrder = [...judged, ...told].sort((one, other) => (one.pointer < other.pointer ? -1 : 1))
  if (whole.answer === 'yes' || judged.some(({kind}) => kind !== 'compatible')) return inOrder
  // Each change may be good and all of them together not.
  const what = `The changes of ${subject.name} are good one by one, but not all together.`
  const together = verdictOf(judge(now), subject)
  return [...inOrder, {...together, pointer: pointerTo(...subject.steps), what, before, after}]

  function difference({path, before: was, after: is}: SchemaChange, verdict: Verdict): Difference {
    const place = path.map(step => quoted(step).slice(1, -1)).join('/')
    const what = `In ${subject.name}, ${place === '' ? 'the whole schema' : place} ${shownChange(was, is)}.`
    return {...verdict, pointer: pointerTo(...subject.steps, ...path), what, before: was, after: is}
  }

  function judgeAlone(change: SchemaChange, index: number): Inclusion {
    const why = `only ${mostJudgedAlone} changes of a schema are judged one by one`
    return index < mostJudgedAlone ? judge(withChange(before, change)) : {answer: 'unknown', why}
  }

  function judge(changed: Json, isProofEnough = false): Inclusion {
    const {direction, budget} = subject
    const [old, now] = [rooted(before, direction), rooted(changed, direction)]
    return direction === 'input'
      ? includes(now, old, {budget, mustKnowMembers: true, isProofEnough})
      : includes(old, now, {budget, mustKnowMembers: false, isProofEnough})
  }
}

/** Of a schema that validators refuse nothing is known but that it changed. */
function diffFaulty(
  before: Json,
  after: Json,
  changes: readonly SchemaChange[],
  {steps, name}: SchemaSubject,
  fault: string,
): Difference[] {
  const [only] = changes.length === 1 ? changes : []
  const {path, before: was, after: is} = only ?? {path: [], before, after}
  const reason = `What it lets through is not certain: ${fault}.`
  const what = `${name[0]?.toUpperCase()}${name.slice(1)} changed, and before or after it is no sound JSON Schema.`
  return [{kind: 'unknown', pointer: pointerTo(...steps, ...path), what, reason, before: was, after: is}]
}

/** An input that tells of no arguments takes none, even where it does not say so. */
function rooted(schema: Json, direction: 'input' | 'output'): Json {
  const says = ['properties', 'additionalProperties', 'patternProperties', '$ref', 'allOf', 'anyOf', 'oneOf', 'if']
  if (direction === 'output' || !isObject(schema) || says.some(name => Object.hasOwn(schema, name))) return schema
  return {...schema, properties: {}}
}

function verdictOf(seen: Inclusion, {direction}: SchemaSubject, change?: SchemaChange): Verdict {
  const isInput = direction === 'input'
  if (seen.answer === 'yes') {
    const reason = isInput
      ? 'Every call that the old schema describes is still good.'
      : 'Every result that the new schema describes is one that clients of the old one expect.'
    return {kind: 'compatible', reason}
  }
  if (seen.answer === 'no') {
    const reason = isInput
      ? `A client of the old contract may send ${seen.example}, which the new schema refuses.`
      : `A client of the old contract may receive ${seen.example}, which the schema that it knows refuses.`
    return {kind: 'breaking', reason}
  }
  if (seen.answer === 'unheard') {
    const name = quoted(change?.path.at(-1) ?? 'an argument')
    return {
      kind: 'breaking',
      reason: `A client that sends what ${name} told of is not refused, but not heard any more.`,
    }
  }
  return {kind: 'unknown', reason: `Whether clients of the old contract break is not certain: ${seen.why}.`}
}
