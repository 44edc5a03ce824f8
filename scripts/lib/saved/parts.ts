// The parts that saved files have in common, each safe to show and safe in a path.
import {visible} from '../text/foreignText.ts'
import {z} from './zod.ts'

/** A text that is shown to people as it is: one line, without what could make a terminal show something else. */
export const line = z
  .string()
  .max(4096)
  .refine(text => !text.includes('\n') && visible(text) === text, 'should be one line without control characters')

/** Of a release or a copy; it becomes part of names of files and folders. */
export const digest = z.string().regex(/^[0-9A-Za-z]{1,64}$/, 'should be a digest')

/** It becomes the name of a folder. */
export const runName = z.string().regex(/^(?!\.)[\w.-]{0,200}$/, 'should be the name of a run')

export const serverName = z.string().regex(/^[a-z][a-z0-9-]*$/, 'should be the name of a server')

export const portNumber = z.int().min(0).max(65535)
