using NurtureEngine.Core.Intake;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Intake;

/// <summary>The client that Standard Webhooks publishes for Node.js is understood, and nobody else.</summary>
public sealed class StandardWebhooksTests(PostgresServer server) : HostTests(server)
{
    private const string Script = """
        const { Webhook } = require('standardwebhooks');
        const [url, secret, type, change] = process.argv.slice(1);
        const body = JSON.stringify({ type: 'lead.created', timestamp: new Date().toISOString(), data: { lead: { externalId: 'node', name: '小明' } } });
        const at = new Date(Date.now() - (change === 'old' ? 6 * 60 * 1000 : 0));
        const signature = new Webhook(secret).sign('evt_1', at, body);
        fetch(url, { method: 'POST', body: change === 'body' ? body.replace('node', 'other') : body, headers: { 'content-type': type,
          'webhook-id': 'evt_1', 'webhook-timestamp': String(Math.floor(at / 1000)), 'webhook-signature': signature } })
          .then(answer => console.log(answer.status));
        """;

    [Theory]
    [InlineData("", "202")]
    [InlineData("body", "401")]
    [InlineData("old", "401")]
    public async Task An_event_is_taken_as_the_client_signs_it_and_not_when_it_was_changed_or_kept(
        string change,
        string status
    )
    {
        var answer = await NodeScript.RunAsync(
            Script,
            [],
            new Uri(_host.Http.BaseAddress!, "/webhooks/crm/dev").ToString(),
            WebhookSignature.NewSecret(_crm.Key),
            "application/json",
            change
        );

        Assert.Equal(status, answer);
    }
}
