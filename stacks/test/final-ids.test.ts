// The ids that never change.
import { describe, expect, test } from "vitest";
import { FIXED, idsOf, SMALL } from "../testing/resources.ts";
import { templatesOf } from "../testing/templates.ts";

describe("what is final", () => {
  // Another id is another resource: CloudFormation makes an empty one, and takes the old one away or leaves it behind.
  // These never change; the effect of an upgrade or of a move to another file shows here.
  const FINAL = {
    data: {
      Network1C6012B5: "AWS::EC2::VPC",
      NetworkDatabaseSubnet1Subnet47DBAEC1: "AWS::EC2::Subnet",
      NetworkDatabaseSubnet2SubnetE91D74CD: "AWS::EC2::Subnet",
      DatabaseSubnets56F17B9A: "AWS::RDS::DBSubnetGroup",
      DatabaseSecurityGroup7319C0F6: "AWS::EC2::SecurityGroup",
      DatabaseKey7576F140: "AWS::KMS::Key",
      DatabaseParameters4609B2CF: "AWS::RDS::DBClusterParameterGroup",
      DatabaseB269D8BB: "AWS::RDS::DBCluster",
      DatabaseWriter7794273E: "AWS::RDS::DBInstance",
    },
    app: { SiteE53D7754: "AWS::CloudFront::Distribution" },
    // The provider and the parameters have names, which the resources of other ids could not take.
    dev: {
      StageDatabaseF44CCD56: "AWS::Lambda::Function",
      StageDatabaseProviderframeworkonEvent3ABFE803: "AWS::Lambda::Function",
      SharedClusterArn23C44973: "AWS::SSM::Parameter",
      SharedWebAccessId587A62C3: "AWS::SSM::Parameter",
      SharedViewerRequestArnA918FF70: "AWS::SSM::Parameter",
      SharedHeadersPolicyId14397F1A: "AWS::SSM::Parameter",
      // Previews use them, so they can't be deleted for others.
      WebAccessE9F49D95: "AWS::CloudFront::OriginAccessControl",
      ViewerRequest2C5B6A1E: "AWS::CloudFront::Function",
      WebHeaders0A3D4ED8: "AWS::CloudFront::ResponseHeadersPolicy",
    },
    small: { StageDatabase: "Custom::StageDatabase" },
  };

  test.each(FIXED)("keeps its ids in %s", async (stage) => {
    const { data, app } = await templatesOf({ stage });

    expect(idsOf(data)).toMatchObject(FINAL.data);
    expect(idsOf(app)).toMatchObject({ ...FINAL.app, ...(stage === "dev" && FINAL.dev) });
  });

  test.each(SMALL)("keeps its ids in %s: another id would be a new, empty database", async (stage) => {
    const { app } = await templatesOf({ stage });

    expect(idsOf(app)).toMatchObject({ ...FINAL.small, ...(stage === "pr-12" && FINAL.app) });
  });
});
