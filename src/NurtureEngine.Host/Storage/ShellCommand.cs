using System.ComponentModel;
using System.Diagnostics;

namespace NurtureEngine.Host.Storage;

/// <summary>Runs a program to its end, as the given user where the host is root.</summary>
internal static class ShellCommand
{
    /// <summary>The exit code, and what it printed on both streams.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        SystemUser? user,
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    )
    {
        using var process = Start(StartInfo(user, program, arguments));
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    /// <exception cref="StorageException">The program is not installed or may not be run.</exception>
    public static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info) ?? throw new StorageException($"'{info.FileName}' can't be started.");
        }
        catch (Win32Exception exception)
        {
            throw new StorageException(
                $"'{info.FileName}' can't be started ({exception.Message}): install it (setpriv, setsid and flock are in util-linux), or set ConnectionStrings__Nurture.",
                exception
            );
        }
    }

    /// <summary>How to start a program under another user: setpriv drops every right that root has.</summary>
    public static ProcessStartInfo StartInfo(SystemUser? user, string program, IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo
        {
            FileName = user is null ? program : "setpriv",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            // A folder that every user may be in; PostgreSQL's tools complain about one that they can't enter.
            WorkingDirectory = "/",
        };
        // Messages are searched for known causes, so they must be in one language.
        info.Environment["LC_ALL"] = "C";
        if (user is not null)
        {
            string[] drop =
            [
                $"--reuid={user.Id}",
                $"--regid={user.GroupId}",
                "--clear-groups",
                "--inh-caps=-all",
                "--",
                program,
            ];
            foreach (var argument in drop)
            {
                info.ArgumentList.Add(argument);
            }
        }

        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return info;
    }
}
