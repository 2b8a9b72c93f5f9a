using NurtureEngine.Core.Reports;

namespace NurtureEngine.Core.Tests.Tracks;

public sealed class StepFlowTests
{
    [Fact]
    public void A_container_holds_those_who_stand_within_it_and_has_not_let_them_pass()
    {
        var container = new StepFlow("box", Entered: 500, Waiting: 0, Passed: 500, Dropped: 0);
        var inner = new[] { new StepFlow("mail", 500, 0, 500, 0), new StepFlow("wait", 500, 300, 180, 20) };

        Assert.Equal(new StepFlow("box", 500, 300, 180, 20), container.With(inner));
        Assert.Equal(container, container.With([]));
    }
}
