using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact</c>: what there is for devices to install, signed where the keys are (docs/operate/updates.md).</summary>
internal static class ArtifactVerbs
{
    public static Command Create(CommonOptions common, ITerminal terminal) => new("artifact", "What devices may install: releases, signed by keys that the server does not have.")
    {
        ArtifactInitVerb.Create(common, terminal),
        ArtifactAddVerb.Create(common),
        ArtifactListVerb.Create(common),
        ArtifactShowVerb.Create(common),
        ArtifactSignVerb.Create(common, terminal),
        ArtifactPublishVerb.Create(common),
        ArtifactRemoveVerb.Create(common),
        ArtifactDiscardVerb.Create(common),
        ArtifactRenewVerb.Create(common),
        ArtifactRootVerb.Create(common, terminal),
        ArtifactPruneVerb.Create(common, terminal),
        ArtifactMirrorVerb.Create(common),
    };
}
