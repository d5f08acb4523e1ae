namespace Messaging.EvilRelay.Harness;

/// <summary>One attack after the other.</summary>
[CollectionDefinition(EvilFleet.Name)]
public sealed class EvilCollection : ICollectionFixture<EvilFleet>;
