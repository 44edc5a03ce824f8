// Where compiled code is kept between runs: in the folder of this checkout.
import {join} from 'node:path'

export const compiledIn = join(import.meta.dirname, '..', '..', '.build', 'compile-cache')
