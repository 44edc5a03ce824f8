// Judges of the phase `contract`: equal to its record, no breaking difference, none that nobody understood.
import type {Contract} from '../lib/contract/contract.ts'
import {type ContractDifference, contractDifferences} from '../lib/contract/contractDifferences.ts'
import {countText, differenceLine, differenceText} from '../lib/contract/differenceLines.ts'
import {shortDigest} from '../lib/release/release.ts'
import type {OnRecord} from './contractSeen.ts'
import type {Check} from './phase.ts'

export interface Against {
  observed: Contract
  /** The contract on record of the earlier release. */
  ofEarlier: OnRecord
  /** What messages call the earlier release. */
  title: string
}

/** Equal in every view. A difference that harms nobody is told as well: the record is what a person approved. */
export function judgeRecorded(own: OnRecord, observed: Contract): Check {
  const name = 'as-recorded'
  if (own.state === 'fault')
    return {
      name,
      verdict: 'fail',
      detail: `the contract on record cannot be used: ${own.fault}`,
      remedy: 'pnpm contracts',
    }
  if (own.state === 'none')
    return {
      name,
      verdict: 'skip',
      detail: `no contract of ${observed.server} is committed and none was observed of this release before: pnpm contracts writes it`,
    }
  const where = own.from === 'committed' ? `contracts/${observed.server}.json` : 'what was observed of this release'
  if (own.state === 'same') return {name, verdict: 'pass', detail: `equals ${where}: ${shortDigest(own.digest)}`}
  const differences = contractDifferences(own.contract, observed)
  return {
    name,
    verdict: 'fail',
    detail: `${shortDigest(observed.digest)} is not ${where}, ${shortDigest(own.contract.digest)}: ${countText(differences)}${firstOf(differences)}`,
    value: Math.max(differences.length, 1),
    limit: 0,
    unit: 'differences',
    remedy:
      own.from === 'committed'
        ? 'if the change is meant: pnpm contracts, and commit what it writes; if not, find out what changed the server'
        : 'the same release told something else before: find out what it depends on',
    evidence: differenceText(differences),
  }
}

export function judgeCompatible({observed, ofEarlier, title}: Against): Check {
  const name = 'compatible'
  const judged = differencesOf({observed, ofEarlier})
  if (judged === undefined) return unusable(name, ofEarlier, title)
  const {all, breaking} = judged
  const numbers = {value: breaking.length, limit: 0, unit: 'breaking', evidence: differenceText(all) || undefined}
  if (breaking.length === 0) {
    const detail =
      ofEarlier.state === 'same' ? `the same as of ${title}` : `breaks no client of ${title}: ${countText(all)}`
    return {name, verdict: 'pass', detail, ...numbers}
  }
  return {
    name,
    verdict: 'fail',
    detail: `${breaking.length} of ${all.length} differences break clients of ${title}${firstOf(breaking)}`,
    ...numbers,
    remedy: 'keep the old form beside the new one; if it is meant, accept contract/compatible with a reason and a day',
  }
}

/** What nobody can say about is no pass, and a person can look at it and accept it; so it fails under its own name. */
export function judgeUnderstood({observed, ofEarlier, title}: Against): Check[] {
  const name = 'understood'
  const judged = differencesOf({observed, ofEarlier})
  if (judged === undefined) return []
  const {all, unknown} = judged
  const numbers = {value: unknown.length, limit: 0, unit: 'unknown'}
  if (unknown.length === 0)
    return [
      {name, verdict: 'pass', detail: `each of ${all.length} differences from ${title} can be judged`, ...numbers},
    ]
  return [
    {
      name,
      verdict: 'fail',
      detail: `of ${unknown.length} differences nobody can say whether they break clients of ${title}${firstOf(unknown)}`,
      ...numbers,
      remedy: 'read both sides; if no client breaks, accept contract/understood with a reason and a day',
      evidence: differenceText(unknown),
    },
  ]
}

/** Descriptions and instructions are what models are steered by, so a changed one is shown, whoever it breaks. */
export function judgeSteering({observed, ofEarlier, title}: Against): Check[] {
  const name = 'steering'
  const judged = differencesOf({observed, ofEarlier})
  if (judged === undefined) return []
  const changed = judged.all.filter(({steers}) => steers === true)
  if (changed.length === 0)
    return [{name, verdict: 'pass', detail: `every text that steers a model is that of ${title}`}]
  return [
    {
      name,
      verdict: 'pass',
      detail: `${changed.length} texts that steer models changed since ${title}; read them in the evidence`,
      value: changed.length,
      unit: 'texts',
      evidence: differenceText(changed),
    },
  ]
}

interface Judged {
  all: ContractDifference[]
  breaking: ContractDifference[]
  unknown: ContractDifference[]
}

function differencesOf({observed, ofEarlier}: Pick<Against, 'observed' | 'ofEarlier'>): Judged | undefined {
  if (ofEarlier.state === 'same') return {all: [], breaking: [], unknown: []}
  if (ofEarlier.state !== 'differs') return undefined
  const all = contractDifferences(ofEarlier.contract, observed)
  return {
    all,
    breaking: all.filter(({kind}) => kind === 'breaking'),
    unknown: all.filter(({kind}) => kind === 'unknown'),
  }
}

function unusable(name: string, ofEarlier: OnRecord, title: string): Check {
  const why = ofEarlier.state === 'fault' ? ofEarlier.fault : 'there is none'
  return {
    name,
    verdict: 'inconclusive',
    detail: `the contract on record of ${title} cannot be used: ${why}`,
    remedy: 'deploy that release again, or restore its record from a backup',
  }
}

function firstOf(differences: readonly ContractDifference[]): string {
  const [first] = differences
  return first === undefined ? '' : `; first: ${differenceLine(first)}`
}
