namespace Messaging.FleetServer.Hosting;

/// <summary>What one process of the fleet server does. All roles run in one process unless it is split.</summary>
[Flags]
internal enum FleetRoles
{
    None = 0,

    /// <summary>The blind relay: it moves sealed frames and can open none of them.</summary>
    Relay = 1,

    /// <summary>Registry, ingest, telemetry, commands and the API.</summary>
    Control = 2,

    /// <summary>The static files of the dashboard. It needs the API of the control role in the same process.</summary>
    Dashboard = 4,

    All = Relay | Control | Dashboard,
}
