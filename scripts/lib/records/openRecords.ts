// The records of an environment in whatever keeps its documents: live pointer, what is known of each release, its contracts.
import {contractPath, contractText, parseContract} from '../contract/contractFile.ts'
import {UserError} from '../errors/userError.ts'
import {digest} from '../saved/parts.ts'
import {visible} from '../text/foreignText.ts'
import type {Documents} from './documents.ts'
import {readDocument} from './readDocument.ts'
import {pointerShape, recordShape} from './recordShapes.ts'
import type {LivePointer, Records, ReleaseRecord} from './records.ts'

export interface OpenRecords {
  documents: Documents
  /** The command that puts a release back without any record. */
  rollbackCommand: string
}

const pointerKey = 'live.json'
const releasesFolder = 'records/'

export function openRecords({documents, rollbackCommand}: OpenRecords): Records {
  const {place, removal, read, list, write, remove} = documents
  const releaseAt = (key: string) => {
    const named = key.slice(releasesFolder.length, -'.json'.length)
    return readDocument<ReleaseRecord>(documents, key, {
      what: 'the record of a release',
      shape: recordShape,
      faultOf: (found: ReleaseRecord) => (found.release === named ? undefined : `but it is of ${found.release}`),
      remedy: `${removal(key)}: the release is then one that was never rehearsed; ${rollbackCommand} works without it`,
    })
  }
  return {
    live: () =>
      readDocument<LivePointer>(documents, pointerKey, {
        what: 'the live pointer',
        shape: pointerShape,
        remedy: `${rollbackCommand} needs none of it: it puts a release back, and writes it again`,
      }),
    setLive: pointer => write(pointerKey, json(pointer)),
    clearLive: () => remove(pointerKey),
    release: async release => releaseAt(releaseKey(release)),
    setRelease: async record => write(releaseKey(record.release), json(record)),
    releases: async () => {
      const records = await Promise.all((await list(releasesFolder)).map(releaseAt))
      return records.filter(record => record !== undefined)
    },
    contract: async (release, server) => {
      const key = contractKey(release, server)
      const document = await read(key)
      return document && parseContract(document.text, place(key), server)
    },
    setContract: async (release, contract) => write(contractKey(release, contract.server), contractText(contract)),
  }
}

function releaseKey(release: string): string {
  return `${releasesFolder}${checked(release)}.json`
}

function contractKey(release: string, server: string): string {
  return contractPath(`${releasesFolder}${checked(release)}`, server)
}

/** A journal that names a release may have been edited or damaged, and the name becomes part of a key. */
function checked(release: string): string {
  if (digest.safeParse(release).success) return release
  throw new UserError(`"${visible(release)}" is not the digest of a release`, 'pnpm releases lists the known releases')
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
