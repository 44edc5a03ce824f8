// Backs up the live environment of a step, tells and journals it; what pnpm backup does, and every restore before it begins.
import {relative} from 'node:path'
import {readInstance} from '../instance/savedInstance.ts'
import {holdServer} from '../state/holdServer.ts'
import type {StepContext} from '../step/step.ts'
import type {Target} from '../target/target.ts'
import {backupKey} from './backupKey.ts'
import {type MadeBackup, type MakeBackup, makeBackup} from './makeBackup.ts'

const readBack: Record<MadeBackup['encrypted'], string> = {
  no: 'read back and whole',
  'decrypted again': 'encrypted, decrypted again and whole',
  'key not here': 'read back and whole, then encrypted; its key is not here, so it was not decrypted again',
}

/** Undefined when nothing is live. Throws a `UserError` when it cannot be made. */
export async function backUpLive(
  context: StepContext,
  target: Target,
  {withCode, now, reason}: Pick<MakeBackup, 'withCode' | 'now' | 'reason'>,
): Promise<MadeBackup | undefined> {
  const {fleet, flags, run, record, say, signal, records, secrets, variables} = context
  const instance = await readInstance(context.documents, fleet.root, 'live')
  if (instance === undefined) {
    say(`  nothing is live in ${fleet.environment}, so there is nothing to lose`)
    record({type: 'fact', name: 'backup', value: {made: false, reason: 'nothing is live'}})
    return undefined
  }
  const made = await makeBackup({
    fleet,
    documents: context.documents,
    fleetPath: flags.fleetPath,
    instance,
    routesPath: target.routes(instance, {version: 0, release: '', hosts: [], origins: [], servers: {}}).path,
    records: await records.releases(),
    hold: (server, seconds) => holdServer({instance, server, seconds, target, shell: context.shell('live')}),
    withCode,
    reason,
    run,
    now,
    secrets: secrets('live'),
    key: backupKey(fleet, variables),
    signal,
  })
  const {path, bytes, sha256, manifest, encrypted, findings} = made
  const shown = relative(fleet.folder, path)
  record({type: 'backup', event: 'made', path: shown, sha256, bytes})
  record({type: 'backup', event: 'verified', path: shown, sha256, bytes})
  const files = manifest.entries.filter(({kind}) => kind === 'file').length
  say(`  ${shown}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB, ${readBack[encrypted]}`)
  record({
    type: 'fact',
    name: 'backup',
    value: {made: true, path: shown, files, encrypted, needs: manifest.needs, findings},
  })
  for (const finding of findings) say(`  ! ${finding}`)
  return made
}
