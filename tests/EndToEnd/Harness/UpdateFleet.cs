namespace Messaging.EndToEnd.Harness;

/// <summary>A fleet that was taken over, with the repository of its updates.</summary>
internal static class UpdateFleet
{
    /// <summary>Takes the fleet over, and begins its repository; nothing is signed yet.</summary>
    public static async Task<OwnersMachine> Begin(SplitFleet fleet)
    {
        var fingerprint = (await fleet.Api.Get("/api/v1/system"))["fleetFingerprint"]!.GetValue<string>();
        var owner = await OwnersMachine.Create(fleet.Scratch["owner"], fleet.TokenFile, fingerprint, "root.pem", "alice.pem");
        await owner.Run(fleet.Url, "trust", "take-over", "--root-key", owner["root.pem"], "--owner-key", owner["alice.pem"]);
        await owner.Run(fleet.Url, "artifact", "init", "--root-key", owner["root.pem"]);
        return owner;
    }
}
