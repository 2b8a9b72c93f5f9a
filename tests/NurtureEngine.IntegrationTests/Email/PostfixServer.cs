using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>
/// A whole Postfix on loopback, in a folder of its own: STARTTLS, signing in, recipients that it refuses, mailboxes for the rest. It takes
/// Debian's packages postfix, sasl2-bin and libsasl2-modules, and root, as the CI has; elsewhere its tests are skipped and say so.
/// </summary>
internal sealed class PostfixServer : IAsyncDisposable
{
    private readonly string _folder;

    private PostfixServer(string folder, int port) => (_folder, Port) = (folder, port);

    public int Port { get; }

    /// <summary>The certificate that a client has to trust.</summary>
    public string CaFile => Path.Combine(_folder, "cert.pem");

    private string Mailbox => Path.Combine(_folder, "mail", "all", "new");

    public static bool IsAvailable =>
        Environment.UserName == "root" && File.Exists("/usr/sbin/postfix") && File.Exists("/usr/sbin/saslpasswd2");

    public static async Task<PostfixServer> StartAsync(Certificates certificates)
    {
        var folder = TestFolder.New("postfix");
        var server = new PostfixServer(folder, FreePort());
        foreach (var name in new[] { "etc/sasl", "spool", "data", "mail" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        using var certificate = certificates.For("localhost");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "key.pem"),
            certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem()
        );
        await File.WriteAllTextAsync(server.CaFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "etc/main.cf"), server.Settings());
        await File.WriteAllTextAsync(Path.Combine(folder, "etc/master.cf"), await server.ServicesAsync());
        await File.WriteAllTextAsync(
            Path.Combine(folder, "etc/sasl/smtpd.conf"),
            $"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {folder}/sasldb2\nmech_list: PLAIN LOGIN\n"
        );
        await RunAsync(
            "sh",
            "-c",
            $"chmod 755 {folder} && echo secret | saslpasswd2 -p -c -f {folder}/sasldb2 -u localhost.localdomain user && chown postfix {folder}/sasldb2 {folder}/data && chown nobody {folder}/mail"
        );
        await RunAsync("postfix", "-c", Path.Combine(folder, "etc"), "start");
        await Eventually.TrueAsync(() => Task.FromResult(IsOpen(server.Port)), "Postfix answering");
        return server;
    }

    /// <summary>The messages that were delivered, once there are so many.</summary>
    public async Task<IReadOnlyList<byte[]>> MailsAsync(int count)
    {
        await Eventually.TrueAsync(
            () => Task.FromResult(Directory.Exists(Mailbox) && Directory.GetFiles(Mailbox).Length >= count),
            $"{count} messages in the mailbox"
        );
        return [.. Directory.GetFiles(Mailbox).Select(File.ReadAllBytes)];
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("postfix", "-c", Path.Combine(_folder, "etc"), "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private string Settings() =>
        $$$"""
            compatibility_level = 3.6
            queue_directory = {{{_folder}}}/spool
            data_directory = {{{_folder}}}/data
            command_directory = /usr/sbin
            daemon_directory = /usr/lib/postfix/sbin
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            myhostname = localhost.localdomain
            mydestination =
            mynetworks =
            maillog_file = {{{_folder}}}/mail.log
            maillog_file_prefixes = /tmp, {{{_folder}}}
            smtpd_tls_cert_file = {{{_folder}}}/cert.pem
            smtpd_tls_key_file = {{{_folder}}}/key.pem
            smtpd_tls_security_level = may
            smtpd_tls_auth_only = yes
            smtpd_sasl_auth_enable = yes
            cyrus_sasl_config_path = {{{_folder}}}/etc/sasl
            smtpd_relay_restrictions =
            smtpd_recipient_restrictions = check_recipient_access inline:{{full@example.com = 452 4.2.2 mailbox full} {gone@example.com = 550 5.1.1 no such user}}, permit_sasl_authenticated, reject
            virtual_mailbox_domains = example.com
            virtual_mailbox_base = {{{_folder}}}/mail
            virtual_mailbox_maps = static:all/
            virtual_minimum_uid = 1
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534

            """;

    // Debian's services, none of them in a cage, on a port of our own.
    private async Task<string> ServicesAsync()
    {
        var lines = (await File.ReadAllLinesAsync("/usr/share/postfix/master.cf.dist"))
            .Where(line =>
                !line.StartsWith("smtp ", StringComparison.Ordinal) || !line.Contains("inet", StringComparison.Ordinal)
            )
            .Select(line =>
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    is [{ Length: > 0 } name, "unix" or "inet" or "pass", var p, var u, "y", .. var rest]
                && name[0] != '#'
                    ? string.Join(' ', [name, "unix", p, u, "n", .. rest])
                    : line
            );
        return string.Join('\n', lines.Append($"{Port} inet n - n - - smtpd\n"));
    }

    public static bool IsOpen(int port)
    {
        try
        {
            using var probe = new TcpClient();
            probe.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var fault = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {fault}");
    }
}
