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
        foreach (var (name, line) in options.Gpio)
        {
            if (line.Direction == "output")
            {
                using var driver = new GpioOutputDriver(line, gpio);
                code = Math.Max(code, Set(OutputPlan.Of(name, line), driver));
            }
        }

        foreach (var (name, pwm) in options.Pwm)
        {
            using var driver = new PwmOutputDriver(pwm, root);
            code = Math.Max(code, Set(OutputPlan.Of(name, pwm), driver));
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
