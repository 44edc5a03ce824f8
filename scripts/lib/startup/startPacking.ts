// Packs what most programs import while a run does something else, for the programs that are started after it.
import {spawn} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {packedPackages} from './packedPackages.ts'

const program = fileURLToPath(new URL('./packingProgram.ts', import.meta.url))

/** Does nothing where they are packed. What comes of it is told to nobody: without it programs only start later. Ends it with the result. */
export function startPacking(): () => void {
  if (packedPackages() !== undefined) return () => undefined
  const child = spawn(process.execPath, [program], {env: {}, stdio: ['pipe', 'ignore', 'ignore']})
  child.on('error', () => undefined)
  // It waits for nobody, and nobody for it.
  child.unref()
  return () => child.kill('SIGKILL')
}
