// The network that holds the database, and nothing else: two zones, isolated subnets, no way in or out. The API does not
// live in it, since it reaches the database by the Data API. Final from the first deployment: a cluster can't move.
import { Fn } from "aws-cdk-lib";
import { IpAddresses, SubnetType, Vpc } from "aws-cdk-lib/aws-ec2";
import type { Stack } from "sst/constructs";

/** Aurora asks for two zones; some regions have no third. */
const ZONES = [0, 1];

export function network(stack: Stack): Vpc {
  // Vpc looks the zones up in the account while it is synthesised, unless the stack knows them already.
  Object.defineProperty(stack, "availabilityZones", {
    value: ZONES.map((zone) => Fn.select(zone, Fn.getAzs())),
  });

  return new Vpc(stack, "Network", {
    ipAddresses: IpAddresses.cidr("10.0.0.0/16"),
    maxAzs: ZONES.length,
    natGateways: 0,
    createInternetGateway: false,
    // Emptying the default security group would need a Lambda; nothing is ever placed in that group.
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [{ name: "Database", subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
  });
}
