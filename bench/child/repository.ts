// Where the programs lie that are measured.
import {resolve} from 'node:path'

/** The folder of this checkout. */
export const repository = resolve(import.meta.dirname, '..', '..')

/** Path of a program of this checkout. */
export const inRepository = (path: string): string => resolve(repository, path)
