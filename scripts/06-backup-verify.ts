// Reads a backup back, the newest or the named one, and says whether it is whole: pnpm backup:verify [FILE]
import {backupKey} from './lib/backup/backupKey.ts'
import {findBackup} from './lib/backup/findBackup.ts'
import {backupFolder} from './lib/backup/makeBackup.ts'
import {verifyBackup} from './lib/backup/verifyBackup.ts'
import {jsonText} from './lib/cli/printed.ts'
import {exitCode} from './lib/errors/exitCode.ts'
import {looking} from './lib/step/looking.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

await looking(
  {targets: targetNames, phases: phaseNames, words: 1},
  async ({fleet, flags, documents, say, signal, variables}) => {
    const {file, sha256} = await findBackup({documents, folder: backupFolder(fleet), named: flags.words[0]})
    const read = await verifyBackup({file, sha256, key: backupKey(fleet, variables), signal})
    if ('fault' in read) {
      if (flags.json) console.log(jsonText({file, whole: false, fault: read.fault}))
      else for (const line of [`✗ ${read.fault}`, `  → ${read.remedy}`]) say(line)
      return exitCode.bad
    }
    const {manifest, bytes} = read
    const files = manifest.entries.filter(({kind}) => kind === 'file').length
    if (flags.json) {
      const {entries: _, ...about} = manifest
      console.log(jsonText({file, whole: true, bytes, files, sha256: read.sha256, ...about}))
      return undefined
    }
    say(`✓ ${file}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB, every digest is right`)
    say(`  ${manifest.fleet} ${manifest.environment}, release ${manifest.release.slice(0, 12)}, made ${manifest.at}`)
    const {contained, platform, node, artifacts} = manifest.needs
    if (contained) say(`  holds the code of the release, for ${platform}`)
    else say(`  a restore builds the release again: node ${node} for ${platform}, ${artifacts.length} artifacts`)
    return undefined
  },
)
