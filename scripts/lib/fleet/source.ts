// Where the code of a server comes from, and the program that puts a stdio server on HTTP: shape and sentences for editors.
import {z} from '../saved/zod.ts'

export const words = z.array(z.string().min(1)).min(1)
const exactPackage = z
  .string()
  .regex(
    /^(@[a-z0-9._~-]+\/)?[a-z0-9._~-]+@\d+\.\d+\.\d+[0-9A-Za-z.+-]*$/,
    'should be a package with its exact version, such as mcp-proxy@6.7.19',
  )

const scripts = z
  .array(
    z
      .string()
      .regex(
        /^(@[A-Za-z0-9._~-]+\/)?[A-Za-z0-9._~-]+$/,
        'should be the name of a package without a version, such as esbuild',
      ),
  )
  .optional()
  .describe('Packages in its tree whose install scripts may run when it is built; none may if absent.')

export const source = z
  .strictObject({
    npm: exactPackage.optional().describe('A package of the npm registry with its exact version.'),
    scripts,
    folder: z.string().optional().describe('A folder beside the fleet file.'),
    build: words.optional().describe('Command that builds the folder into the folder named by OUTPUT.'),
    notScanned: z
      .array(z.strictObject({path: z.string().min(1), reason: z.string().min(10)}))
      .optional()
      .describe(
        'Files or folders of its code in which security/source-credentials and source-addresses do not look, and why.',
      ),
  })
  .describe('Where the code of the server comes from: an npm package, or a folder.')

export const bridge = z
  .strictObject({
    npm: exactPackage,
    scripts,
    command: words.describe("Has '{command}' where the server's own command goes."),
  })
  .describe('The program that puts a stdio server on HTTP.')
