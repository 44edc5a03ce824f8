// Rules between the keys of a fleet file, each a small pure function; all are checked and all faults are told.
import type {Fault} from '../saved/fault.ts'
import {acceptanceRules} from './rules/acceptanceRules.ts'
import {callRules} from './rules/callRules.ts'
import {environmentRules} from './rules/environmentRules.ts'
import {placeholderRules} from './rules/placeholderRules.ts'
import type {Known, Names} from './rules/rule.ts'
import {serverRules} from './rules/serverRules.ts'
import type {FleetFile} from './schema.ts'

export type {Known} from './rules/rule.ts'

/** The faults that the shape of the file cannot show. */
export function checkRules(fleet: FleetFile, known: Known, names: Names): Fault[] {
  const rules = [...serverRules, ...placeholderRules, ...callRules, ...environmentRules, ...acceptanceRules]
  return rules.flatMap(rule => rule(fleet, known, names))
}
