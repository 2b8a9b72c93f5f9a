using System.Diagnostics;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>Programs that are not ours, from npm packages of the tests.</summary>
internal static class NodeScript
{
    /// <summary>Runs a script, which finds its arguments behind <c>process.argv[1]</c> and its input at <c>stdin</c>; what it prints.</summary>
    public static async Task<string> RunAsync(string script, byte[] input, params string[] arguments)
    {
        using var node = Process.Start(
            new ProcessStartInfo("node", ["-e", script, .. arguments])
            {
                WorkingDirectory = Repository.Root,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = node.StandardError.ReadToEndAsync();
        await node.StandardInput.BaseStream.WriteAsync(input);
        node.StandardInput.Close();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.Equal("", await errors);
        return output.Trim();
    }
}
