// Where compiled code is kept between processes, so that a step does not compile its imports anew each time.
import {join} from 'node:path'

/**
 * The variable that makes a Node process keep compiled code (nodejs.org/api/module.html, "Module compile cache"). It must be
 * set before the process starts: static imports are compiled before any code of ours runs.
 */
export function compileCache(fleetFolder: string): {NODE_COMPILE_CACHE: string} {
  return {NODE_COMPILE_CACHE: join(fleetFolder, '.build', 'compile-cache')}
}
