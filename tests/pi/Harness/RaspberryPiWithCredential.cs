using Messaging.EndToEnd.Harness;

namespace Messaging.Pi.Harness;

/// <summary>A board whose card held the token when the package was installed: nobody enrols it, its units do.</summary>
public sealed class RaspberryPiWithCredential : RaspberryPi
{
    private protected override string TokenPlace => Credential;

    private protected override Task Enrol() => Eventually.Is("the device is in the fleet", Boot, async () =>
        (await Fleet.Api.Get("/api/v1/devices"))["items"]!.AsArray().Count > 0);
}
