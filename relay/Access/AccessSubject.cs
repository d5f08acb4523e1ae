using System.Runtime.InteropServices;
using Messaging.Wire;

namespace Messaging.Relay.Access;

/// <summary>Who asks, as far as access goes.</summary>
/// <param name="Id">The authenticated principal.</param>
/// <param name="IsControl">True for control, false for a device.</param>
/// <param name="Groups">The groups that a device is in now.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AccessSubject(PrincipalId Id, bool IsControl, IReadOnlySet<PrincipalId> Groups);
