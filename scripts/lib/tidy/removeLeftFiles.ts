// Removes temporary files that a killed writer left next to the file that it was about to replace.
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {namesIfThere} from '../files/ifThere.ts'
import {processStart} from '../process/processIdentity.ts'

const folders = ['', 'records', 'instances/live', 'instances/live/ingress']

/** Only those of processes that are gone, by the number in their names. */
export function removeLeftFiles(root: string): void {
  for (const folder of folders.map(name => join(root, name)))
    for (const name of namesIfThere(folder)) {
      const pid = /\.(\d+)\.new$/.exec(name)?.[1]
      if (pid !== undefined && processStart(Number(pid)) === undefined) rmSync(join(folder, name), {force: true})
    }
}
