// A folder for what environments remember, of which nothing runs any more once a measure is done, however its run ended.
import {globSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {processStart} from '../../scripts/lib/process/processIdentity.ts'
import {type TemporaryFolder, temporaryFolder} from './temporaryFolder.ts'

/** To be given to programs as XDG_STATE_HOME. */
export function stateFolder(): TemporaryFolder {
  const folder = temporaryFolder()
  return {
    path: folder.path,
    [Symbol.asyncDispose]: async () => {
      endSupervised(folder.path)
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** Ends every process group that a supervisor below `folder` leads; gives how many there were. */
export function endSupervised(folder: string): number {
  const files = globSync('seaworthy/*/*/instances/*/{ingress,copies/*}/supervisor', {cwd: folder})
  const ended = files.filter(file => {
    const [pid = '', start] = readFileSync(join(folder, file), 'utf8').trim().split(' ')
    // Another process may have the pid by now; only the one that wrote the file is ended.
    if (start === undefined || processStart(Number(pid)) !== start) return false
    process.kill(-Number(pid), 'SIGKILL')
    return true
  })
  return ended.length
}
