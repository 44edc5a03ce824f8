// What an isolated server may read and write beside its own, and what a Node server declares that it needs.
import {z} from '../saved/zod.ts'

const place = z.string().regex(/^\/[^\n]*[^\n/]$/, 'should be an absolute path without a slash at its end')

export const isolation = z
  .strictObject({
    none: z.string().min(10).optional().describe('The reason for which this server runs without isolation.'),
    read: z.array(place).default([]).describe('Files and folders below the home folder that it may read.'),
    write: z.array(place).default([]).describe('Files and folders that it may write to, beside its own.'),
    node: z
      .strictObject({
        read: z.array(place).default([]).describe('Paths that it may read, beside the releases and its own folders.'),
        write: z.array(place).default([]).describe('Paths that it may write to, beside its own folders.'),
        net: z.boolean().default(true).describe('Whether it may use the network, which a server on HTTP must.'),
        child: z.boolean().default(false).describe('Whether it may start processes, as a bridge must.'),
        worker: z.boolean().default(false).describe('Whether it may start worker threads.'),
      })
      .optional()
      .describe("For a Node server: holds it to this by Node's permission model as well."),
  })
  .describe('How a server is kept apart from the others and from the machine, where the kernel allows it.')
