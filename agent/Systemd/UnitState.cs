namespace Messaging.Agent.Systemd;

/// <param name="Name">Such as <c>ssh.service</c>.</param>
/// <param name="LoadState">loaded, not-found, masked, ...</param>
/// <param name="ActiveState">active, reloading, inactive, failed, activating, deactivating, maintenance.</param>
/// <param name="SubState">running, exited, dead, ... (depends on the unit's type).</param>
internal readonly record struct UnitState(string Name, string LoadState, string ActiveState, string SubState);
