import { nameOf, Rule } from './judged-policy';

/** `no-principal`: a policy that is attached to a vault has to say whom it means. */
export const noPrincipalRule: Rule = ({ document }) =>
  document.statements.flatMap((statement, index) =>
    statement.principal || statement.notPrincipal
      ? []
      : [
          {
            id: 'no-principal',
            severity: 'error',
            statement: index,
            message: `${nameOf(statement, index)} has no \`Principal\`. A policy that is attached to a vault must say whom it means: Glacier refuses it, or the statement means nobody.`,
            remedy: statement.effect === 'Deny' ? 'Write "Principal": "*", which means everyone.' : 'Write "Principal": {"AWS": "<ARN>"}.',
          },
        ],
  );

/** `notprincipal` */
export const notPrincipalRule: Rule = ({ document }) =>
  document.statements.flatMap((statement, index) =>
    statement.notPrincipal === undefined
      ? []
      : [
          {
            id: 'notprincipal',
            severity: 'error',
            statement: index,
            message:
              statement.effect === 'Deny'
                ? `${nameOf(statement, index)} has \`NotPrincipal\`: whom it lists is not held, and a role is only spared when its account, and each of its sessions, is listed as well. Glacier does not document it.`
                : `${nameOf(statement, index)} has \`NotPrincipal\` with Allow: that lets in everyone else there is, anonymous callers included.`,
            remedy:
              statement.effect === 'Deny'
                ? 'Write "Principal": "*" and, if somebody has to be spared, the condition "ArnNotLike": {"aws:PrincipalArn": "<ARN>"}.'
                : 'Name in `Principal` whom you want to let in.',
          },
        ],
  );
