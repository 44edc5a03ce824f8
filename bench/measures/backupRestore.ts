// The program that the bench measures: restores a backup into an empty root. backupRestore.ts FILE ROOT
import {restoreBackup} from '../../scripts/lib/backup/restoreBackup.ts'

const [, , file = '', root = ''] = process.argv
const {signal} = new AbortController()
await restoreBackup({file, root, fleet: 'bench', environment: 'staging', signal})
