// The part of fleet.yaml that says for whom backups are encrypted.
import {z} from '../saved/zod.ts'

/** Keys of an environment whose backups are encrypted. */
export const encryption = z
  .strictObject({
    recipients: z
      .array(
        z.string().regex(/^age1[0-9a-z]{20,}$/, 'should be a public key of age, such as age1…, never a secret one'),
      )
      .min(1)
      .describe('Public keys; whoever has the secret key of one of them can open a backup.'),
    keyFile: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, 'should be a variable name such as BACKUP_KEY_FILE')
      .default('BACKUP_KEY_FILE')
      .describe('The variable that names the file with the secret key, where backups are to be read.'),
  })
  .describe('Backups are encrypted with age; absent: they are plain.')
