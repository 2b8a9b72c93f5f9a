using System.Text.Json.Nodes;
using NurtureEngine.Host.Demo.Figures;
using NurtureEngine.Host.Demo.World;

namespace NurtureEngine.Host.Demo;

/// <summary>The colleagues of a demo, three times a working day: who approves e-mails, makes calls, and takes leads over.</summary>
internal sealed class DemoOffice(DemoFaces faces, DemoLedger ledger, int seed)
{
    /// <summary>The addresses of the leads whom sales took over in this visit.</summary>
    public async Task<IReadOnlyList<string>> VisitAsync(CancellationToken cancellationToken)
    {
        await foreach (
            var touch in faces.ListAsync("/api/touches?state=awaiting_approval&limit=200", cancellationToken)
        )
        {
            var chance = await ChanceAsync("approve", touch, cancellationToken);
            if (chance < 0.85)
            {
                await DoAsync("approval.given", $"/api/touches/{touch["id"]}/approve", null, cancellationToken);
            }
            else if (chance < 0.93)
            {
                await DoAsync(
                    "approval.refused",
                    $"/api/touches/{touch["id"]}/return",
                    "Too general for this account.",
                    cancellationToken
                );
            }
        }

        await foreach (var task in faces.ListAsync("/api/tasks?state=open&limit=200", cancellationToken))
        {
            if ((string?)task["kind"] == "call" && await ChanceAsync("call", task, cancellationToken) < 0.8)
            {
                await DoAsync("task.done", $"/api/tasks/{task["id"]}/done", null, cancellationToken);
            }
        }

        return await AnswerHandoffsAsync(cancellationToken);
    }

    private async Task<List<string>> AnswerHandoffsAsync(CancellationToken cancellationToken)
    {
        var accepted = new List<string>();
        await foreach (var handoff in faces.ListAsync("/api/handoffs?state=offered&limit=200", cancellationToken))
        {
            // One in ten is overlooked until the track asks again.
            var (answer, state, reason) = await ChanceAsync("handoff", handoff, cancellationToken) switch
            {
                < 0.62 => ("accept", "accepted", null),
                < 0.76 => ("reject", "rejected", "No budget this year."),
                < 0.9 => ("recycle", "recycled", "Wants to hear more first."),
                _ => (null, "", (string?)null),
            };
            if (
                answer is not null
                && await DoAsync(
                    $"handoff.{state}",
                    $"/api/handoffs/{handoff["id"]}/{answer}",
                    reason,
                    cancellationToken
                )
                && answer == "accept"
            )
            {
                accepted.Add(await faces.AddressOfAsync((string)handoff["leadId"]!, cancellationToken));
            }
        }

        return accepted;
    }

    private async Task<bool> DoAsync(string figure, string path, string? reason, CancellationToken cancellationToken)
    {
        var isDone = await faces.PostAsync(
            path,
            reason is null ? [] : new JsonObject { ["reason"] = reason },
            cancellationToken
        );
        if (isDone)
        {
            ledger.Add(figure);
        }

        return isDone;
    }

    // By the lead and what is asked: ids are given anew in each demo.
    private async Task<double> ChanceAsync(string question, JsonObject about, CancellationToken cancellationToken) =>
        DemoReader.Chance(
            $"{seed}|{question}|{await faces.AddressOfAsync((string)about["leadId"]!, cancellationToken)}|{about["step"] ?? about["subject"]}"
        );
}
