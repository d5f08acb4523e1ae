using System.Runtime.InteropServices;
using Messaging.Wire;

namespace Messaging.Relay.Access;

/// <summary>The answer to a publish.</summary>
/// <param name="Target">Where it goes, if anywhere.</param>
/// <param name="Id">The device or group that it goes to; the sender of what goes to control.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PublishGrant(PublishTarget Target, PrincipalId Id);
