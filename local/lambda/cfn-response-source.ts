/**
 * The module `cfn-response` that AWS puts beside inline code (`ZipFile`), with the interface of AWS's:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
 */
export const CFN_RESPONSE_SOURCE = String.raw`'use strict';
const https = require('node:https');

exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';

exports.send = (event, context, responseStatus, responseData, physicalResourceId, noEcho) =>
  new Promise((resolve) => {
    const end = (error) => {
      if (typeof context.done === 'function') context.done(error);
      resolve();
    };
    const body = Buffer.from(
      JSON.stringify({
        Status: responseStatus,
        Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
        PhysicalResourceId: physicalResourceId || context.logStreamName,
        StackId: event.StackId,
        RequestId: event.RequestId,
        LogicalResourceId: event.LogicalResourceId,
        NoEcho: noEcho || false,
        Data: responseData,
      }),
    );
    const url = new URL(event.ResponseURL);
    const request = https.request(
      {
        hostname: url.hostname,
        port: 443,
        path: url.pathname + url.search,
        method: 'PUT',
        headers: { 'content-type': '', 'content-length': body.length },
      },
      (response) => {
        console.log('Status code: ' + response.statusCode);
        response.resume();
        end();
      },
    );
    request.on('error', (error) => {
      console.log('cfn-response could not send the response: ' + error.message);
      end(error);
    });
    request.end(body);
  });
`;
