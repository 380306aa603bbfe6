// The database's network: two zones, isolated subnets, no way in or out. The functions are not in it, because they reach
// the database by the Data API. It is final from the first deployment: a cluster can't move to another network.
import { Fn } from "aws-cdk-lib";
import { IpAddresses, SubnetType, Vpc } from "aws-cdk-lib/aws-ec2";
import type { Stack } from "sst/constructs";

/** Aurora needs two zones; some regions have no third. */
const ZONES = [0, 1];

export function network(stack: Stack): Vpc {
  // Vpc would look the zones up in the account at synthesis if the stack did not know them.
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
