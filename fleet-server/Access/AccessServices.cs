namespace Messaging.FleetServer.Access;

internal static class AccessServices
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services
        .AddSingleton<AccessChanges>()
        .AddSingleton<AccessTable>()
        .AddSingleton<ApiTokens>()
        .AddSingleton<Authenticator>()
        .AddSingleton<LoginThrottle>()
        .AddSingleton<Operators>()
        .AddSingleton<PasswordHasher>()
        .AddSingleton<Sessions>()
        .AddSingleton<SetupLink>()
        .AddSingleton<SignIn>();
}
