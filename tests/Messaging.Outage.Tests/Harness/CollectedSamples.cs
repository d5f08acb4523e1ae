using Messaging.Agent.Collect.Scheduling;

namespace Messaging.Outage.Tests.Harness;

/// <summary>Sees the samples of one collection.</summary>
internal delegate void CollectedSamples(ReadOnlySpan<Sample> samples);
