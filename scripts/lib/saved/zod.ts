// zod, configured not to compile schemas: a program here parses with each of them once or twice, and compiling one takes longer.
import {z} from 'zod'

z.config({jitless: true})

export {z}
