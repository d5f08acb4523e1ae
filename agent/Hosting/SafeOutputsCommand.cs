using System.CommandLine;
using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Configuration;
using Messaging.Agent.Gpio.Lines;
using Messaging.Agent.Gpio.Outputs;

namespace Messaging.Agent.Hosting;

/// <summary><c>messaging-agent safe-outputs</c>: what systemd runs after an agent that could not do it itself.</summary>
internal static class SafeOutputsCommand
{
    public static Command Create(SettingsOptions settings)
    {
        var command = new Verb(
            "safe-outputs",
            "Sets every declared output to its safe value, without an agent. PWM outputs keep it; GPIO lines as far as their chip keeps what nobody holds.",
            ("messaging-agent safe-outputs", "what the unit does when the agent has ended, however it ended"));
        command.SetAction((parsed, _) => Failure.GuardAsync(() => Task.FromResult(Run(settings.Read(parsed)))));
        return command;
    }

    private static int Run(AgentOptions options)
    {
        using var gpio = new LibGpiod();
        var root = new KernelRoot(options.Collect.Proc, options.Collect.Sys);
        var code = ExitCodes.Ok;
        foreach (var (plan, driver) in options.Gpio.Where(one => one.Value.Direction == "output")
            .Select(one => (OutputPlan.Of(one.Key, one.Value), (IOutputDriver)new GpioOutputDriver(one.Value, gpio)))
            .Concat(options.Pwm.Select(one => (OutputPlan.Of(one.Key, one.Value), (IOutputDriver)new PwmOutputDriver(one.Value, root)))))
        {
            using (driver)
            {
                code = Math.Max(code, Set(plan, driver));
            }
        }

        return code;
    }

    private static int Set(OutputPlan plan, IOutputDriver driver)
    {
        try
        {
            if (plan.Safe is { } safe)
            {
                driver.Write(safe);
                Console.WriteLine($"{plan.Name}: {plan.Text(safe)}");
            }

            return ExitCodes.Ok;
        }
        catch (IOException e)
        {
            return Failure.Say($"{plan.Name}: {e.Message}", ExitCodes.Failed);
        }
    }
}
