// A folder that is gone with all that is in it once a measure is done.
import {mkdtempSync, realpathSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

export interface TemporaryFolder extends AsyncDisposable {
  path: string
}

export function temporaryFolder(): TemporaryFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'seaworthy-bench-')))
  return {path, [Symbol.asyncDispose]: () => rm(path, {recursive: true, force: true, maxRetries: 3})}
}
