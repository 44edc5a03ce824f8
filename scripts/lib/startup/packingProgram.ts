// A program: packs the packages that most programs import, with what time others leave it. It ends with its standard input.
import {constants, setPriority} from 'node:os'
import {packPackages} from './packPackages.ts'

setPriority(constants.priority.PRIORITY_LOW)
process.stdin.resume().on('close', () => process.exit())
await packPackages()
process.exit()
