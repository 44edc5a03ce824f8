// Makes a backup of what must survive of the live environment, reads it back, and removes those that are too old.
import {relative} from 'node:path'
import {makeBackup} from './lib/backup/makeBackup.ts'
import {applyRetention} from './lib/backup/retention.ts'
import {readInstance} from './lib/instance/savedInstance.ts'
import {step} from './lib/step.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames, targetOf} from './targets/index.ts'

await step(
  {
    name: '50-backup',
    targets: targetNames,
    phases: phaseNames,
    flags: {'with-code': {type: 'boolean'}},
    lockedTo: 'make a backup',
  },
  async context => {
    const {fleet, flags, run, record, say, signal, store} = context
    const instance = readInstance(fleet.root, 'live')
    if (instance === undefined) {
      say(`  nothing is live in ${fleet.environment}, so there is nothing to lose`)
      record({type: 'fact', name: 'backup', value: {made: false, reason: 'nothing is live'}})
      return undefined
    }
    const now = new Date()
    const {path, bytes, sha256, manifest, findings} = await makeBackup({
      fleet,
      fleetPath: flags.fleetPath,
      instance,
      routesPath: targetOf(fleet.target).routes(instance, {version: 0, release: '', servers: {}}).path,
      records: store.records(),
      withCode: flags.own['with-code'] === true,
      run,
      now,
      secrets: context.secrets('live'),
      signal,
    })
    const shown = relative(fleet.folder, path)
    record({type: 'backup', event: 'made', path: shown, sha256, bytes})
    record({type: 'backup', event: 'verified', path: shown, sha256, bytes})
    const files = manifest.entries.filter(({kind}) => kind === 'file').length
    say(`  ${shown}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB, read back and whole`)
    record({type: 'fact', name: 'backup', value: {made: true, path: shown, files, needs: manifest.needs, findings}})
    for (const finding of findings) say(`  ! ${finding}`)
    const removed = await applyRetention(fleet.root, fleet.retention, now, signal)
    if (removed.length > 0) {
      record({type: 'fact', name: 'backup.removed', value: removed.map(backup => relative(fleet.folder, backup.path))})
      say(`  ${removed.length} older backups were removed`)
    }
    return undefined
  },
)
