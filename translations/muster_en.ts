<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Describe</name>
    <message numerus="yes">
        <source>%n working</source>
        <translation>
            <numerusform>%n working</numerusform>
            <numerusform>%n working</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n in chat</source>
        <translation>
            <numerusform>%n in chat</numerusform>
            <numerusform>%n in chat</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n queued</source>
        <translation>
            <numerusform>%n queued</numerusform>
            <numerusform>%n queued</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting for you</source>
        <translation>
            <numerusform>%n waiting for you</numerusform>
            <numerusform>%n waiting for you</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n resting</source>
        <comment>waits for a limit to be over</comment>
        <translation>
            <numerusform>%n resting</numerusform>
            <numerusform>%n resting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DescribeChanges</name>
    <message numerus="yes">
        <source>Not merged: both sides changed the same lines of %n file(s).</source>
        <translation>
            <numerusform>Not merged: both sides changed the same lines of %n file.</numerusform>
            <numerusform>Not merged: both sides changed the same lines of %n files.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Not merged: the project has %n file(s) of its own that the merge would overwrite.</source>
        <translation>
            <numerusform>Not merged: the project has %n file of its own that the merge would overwrite.</numerusform>
            <numerusform>Not merged: the project has %n files of its own that the merge would overwrite.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) that are not committed</source>
        <translation>
            <numerusform>%n file that is not committed</numerusform>
            <numerusform>%n files that are not committed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n commit(s) that may not be merged</source>
        <translation>
            <numerusform>%n commit that may not be merged</numerusform>
            <numerusform>%n commits that may not be merged</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DescribeEvent</name>
    <message numerus="yes">
        <source>%n file(s): %1</source>
        <translation>
            <numerusform>%n file: %1</numerusform>
            <numerusform>%n files: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n time(s) missed</source>
        <translation>
            <numerusform>%n time missed</numerusform>
            <numerusform>%n times missed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n time(s) skipped</source>
        <translation>
            <numerusform>%n time skipped</numerusform>
            <numerusform>%n times skipped</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n time(s) put off</source>
        <translation>
            <numerusform>%n time put off</numerusform>
            <numerusform>%n times put off</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n mistake(s)</source>
        <translation>
            <numerusform>%n mistake</numerusform>
            <numerusform>%n mistakes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>taken %n time(s) so far</source>
        <translation>
            <numerusform>taken %n time so far</numerusform>
            <numerusform>taken %n times so far</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DescribeRerun</name>
    <message numerus="yes">
        <source>%n step(s) kept</source>
        <translation>
            <numerusform>%n step kept</numerusform>
            <numerusform>%n steps kept</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) kept</source>
        <translation>
            <numerusform>%n item kept</numerusform>
            <numerusform>%n items kept</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DescribeRuntime</name>
    <message numerus="yes">
        <source>%n time(s), %1</source>
        <translation>
            <numerusform>once, %1</numerusform>
            <numerusform>%n times, %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DescribeTasks</name>
    <message numerus="yes">
        <source>%1 of %n step(s)</source>
        <translation>
            <numerusform>%1 of %n step</numerusform>
            <numerusform>%1 of %n steps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n step</numerusform>
            <numerusform>%n steps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>+%n more</source>
        <translation>
            <numerusform>+%n more</numerusform>
            <numerusform>+%n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n slot(s)</source>
        <translation>
            <numerusform>%1 of %n slot</numerusform>
            <numerusform>%1 of %n slots</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n running, no cap</source>
        <translation>
            <numerusform>%n running, no cap</numerusform>
            <numerusform>%n running, no cap</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n at work</source>
        <translation>
            <numerusform>%n at work</numerusform>
            <numerusform>%n at work</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting for a slot</source>
        <translation>
            <numerusform>%n waiting for a slot</numerusform>
            <numerusform>%n waiting for a slot</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EndingDialogs</name>
    <message numerus="yes">
        <source>%n file(s) change. The worktree and its branch are removed afterwards.</source>
        <translation>
            <numerusform>%n file changes. The worktree and its branch are removed afterwards.</numerusform>
            <numerusform>%n files change. The worktree and its branch are removed afterwards.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>With &amp;all %n commit(s) and a merge commit</source>
        <translation>
            <numerusform>With its %n commit &amp;and a merge commit</numerusform>
            <numerusform>With &amp;all %n commits and a merge commit</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) that are not committed are not merged; they are set aside under refs/muster/salvage.</source>
        <translation>
            <numerusform>%n file that is not committed is not merged; it is set aside under refs/muster/salvage.</numerusform>
            <numerusform>%n files that are not committed are not merged; they are set aside under refs/muster/salvage.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Preflight</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n step(s) as in earlier runs</source>
        <translation>
            <numerusform>%n step as in earlier runs</numerusform>
            <numerusform>%n steps as in earlier runs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n step(s) as others with their profile</source>
        <translation>
            <numerusform>%n step as others with their profile</numerusform>
            <numerusform>%n steps as others with their profile</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n step(s) assumed: nothing like that has run here</source>
        <translation>
            <numerusform>%n step assumed: nothing like that has run here</numerusform>
            <numerusform>%n steps assumed: nothing like that has run here</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n earlier attempt(s)</source>
        <translation>
            <numerusform>%n earlier attempt</numerusform>
            <numerusform>%n earlier attempts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n attempt(s) of its profile</source>
        <translation>
            <numerusform>%n attempt of its profile</numerusform>
            <numerusform>%n attempts of its profile</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more step(s)</source>
        <translation>
            <numerusform>… and %n more step</numerusform>
            <numerusform>… and %n more steps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n at a time</source>
        <translation>
            <numerusform>%n at a time</numerusform>
            <numerusform>%n at a time</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Schedules</name>
    <message numerus="yes">
        <source>Meets %1 at %2: about %n agent step(s) together</source>
        <translation>
            <numerusform>Meets %1 at %2: about %n agent step together</numerusform>
            <numerusform>Meets %1 at %2: about %n agent steps together</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It usually takes %n agent step(s).</source>
        <translation>
            <numerusform>It usually takes %n agent step.</numerusform>
            <numerusform>It usually takes %n agent steps.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Schedules like this average about %n step(s)</source>
        <translation>
            <numerusform>Schedules like this average about %n step</numerusform>
            <numerusform>Schedules like this average about %n steps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>On average of %n firing(s): waits %1, runs %2, %3</source>
        <comment>%3: 41 agent steps</comment>
        <translation>
            <numerusform>On average of %n firing: waits %1, runs %2, %3</numerusform>
            <numerusform>On average of %n firings: waits %1, runs %2, %3</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n agent step(s)</source>
        <translation>
            <numerusform>%n agent step</numerusform>
            <numerusform>%n agent steps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::BatchPanel</name>
    <message numerus="yes">
        <source>%n thing(s) to answer together</source>
        <translation>
            <numerusform>%n thing to answer</numerusform>
            <numerusform>%n things to answer together</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n question(s) among them need an answer of their own.</source>
        <translation>
            <numerusform>%n question among them needs an answer of its own.</numerusform>
            <numerusform>%n questions among them need answers of their own.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::EditorHeader</name>
    <message numerus="yes">
        <source>%n draft(s)</source>
        <translation>
            <numerusform>%n draft</numerusform>
            <numerusform>%n drafts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::FiringBar</name>
    <message numerus="yes">
        <source>%n schedule(s) ran</source>
        <translation>
            <numerusform>%n schedule ran</numerusform>
            <numerusform>%n schedules ran</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n chat(s) wrote</source>
        <translation>
            <numerusform>%n chat wrote</numerusform>
            <numerusform>%n chats wrote</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::HistoryPlot</name>
    <message numerus="yes">
        <source>%n value(s), from %1 to %2, the newest %3</source>
        <translation>
            <numerusform>%n value, from %1 to %2, the newest %3</numerusform>
            <numerusform>%n values, from %1 to %2, the newest %3</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::LaneGutter</name>
    <message numerus="yes">
        <source>%n event(s)</source>
        <translation>
            <numerusform>%n event</numerusform>
            <numerusform>%n events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::NavigatorPage</name>
    <message numerus="yes">
        <source>%n problem(s) in the file</source>
        <translation>
            <numerusform>%n problem in the file</numerusform>
            <numerusform>%n problems in the file</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::Notifier</name>
    <message numerus="yes">
        <source>%n things wait for you</source>
        <translation>
            <numerusform>%n thing waits for you</numerusform>
            <numerusform>%n things wait for you</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::OccurrenceTable</name>
    <message numerus="yes">
        <source>%1 to %2, %n time(s)</source>
        <translation>
            <numerusform>%1 to %2, %n time</numerusform>
            <numerusform>%1 to %2, %n times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::PreflightPanel</name>
    <message numerus="yes">
        <source>… and %n more; “muster flow check” tells them all</source>
        <translation>
            <numerusform>… and %n more; “muster flow check” tells them all</numerusform>
            <numerusform>… and %n more; “muster flow check” tells them all</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show the %n step(s)</source>
        <translation>
            <numerusform>Show the %n step</numerusform>
            <numerusform>Show the %n steps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::ProblemList</name>
    <message numerus="yes">
        <source>%n problem(s); F8 goes to the next</source>
        <translation>
            <numerusform>%n problem; F8 goes to the next</numerusform>
            <numerusform>%n problems; F8 goes to the next</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::RunHeader</name>
    <message numerus="yes">
        <source>C&amp;hanges: %n file(s)</source>
        <translation>
            <numerusform>C&amp;hanges: %n file</numerusform>
            <numerusform>C&amp;hanges: %n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::ScheduleDialog</name>
    <message numerus="yes">
        <source>S&amp;hift by %n min</source>
        <translation>
            <numerusform>S&amp;hift by %n min</numerusform>
            <numerusform>S&amp;hift by %n min</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::ScheduleFacts</name>
    <message numerus="yes">
        <source>at most %n agent step(s)</source>
        <translation>
            <numerusform>at most %n agent step</numerusform>
            <numerusform>at most %n agent steps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::ScheduleListModel</name>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::StartRunDialog</name>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… and %n more</numerusform>
            <numerusform>… and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::StatusStrip</name>
    <message numerus="yes">
        <source>Open the inbox, %n waiting</source>
        <translation>
            <numerusform>Open the inbox, %n waiting</numerusform>
            <numerusform>Open the inbox, %n waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n note(s)</source>
        <translation>
            <numerusform>%n note</numerusform>
            <numerusform>%n notes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::TerminalView</name>
    <message numerus="yes">
        <source>%n line(s) would be typed into the terminal, and a shell may run each.</source>
        <translation>
            <numerusform>%n line would be typed into the terminal, and a shell may run it.</numerusform>
            <numerusform>%n lines would be typed into the terminal, and a shell may run each.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::TimelineFilter</name>
    <message numerus="yes">
        <source>%n kinds</source>
        <translation>
            <numerusform>%n kind</numerusform>
            <numerusform>%n kinds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Go to the newest; %n new</source>
        <translation>
            <numerusform>Go to the newest; %n new</numerusform>
            <numerusform>Go to the newest; %n new</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::ToolGroup</name>
    <message numerus="yes">
        <source>%n tool call(s)</source>
        <translation>
            <numerusform>%n tool call</numerusform>
            <numerusform>%n tool calls</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::TrayMenu</name>
    <message numerus="yes">
        <source>%n more in the queue…</source>
        <translation>
            <numerusform>%n more in the queue…</numerusform>
            <numerusform>%n more in the queue…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more wait for you…</source>
        <translation>
            <numerusform>%n more waits for you…</numerusform>
            <numerusform>%n more wait for you…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::TrustBanner</name>
    <message numerus="yes">
        <source>“%1” brings %n flow(s) of its own. They do nothing until you trust it; the built-in flows work without.</source>
        <translation>
            <numerusform>“%1” brings %n flow of its own. It does nothing until you trust it; the built-in flows work without.</numerusform>
            <numerusform>“%1” brings %n flows of its own. They do nothing until you trust it; the built-in flows work without.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::WorktreeDelegate</name>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::WorktreeHeader</name>
    <message numerus="yes">
        <source>%n commit(s)</source>
        <translation>
            <numerusform>%n commit</numerusform>
            <numerusform>%n commits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) not committed</source>
        <translation>
            <numerusform>%n file not committed</numerusform>
            <numerusform>%n files not committed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::WorktreesModel</name>
    <message numerus="yes">
        <source>%1, %2, %n file(s), %3 lines added, %4 removed, branch %5</source>
        <translation>
            <numerusform>%1, %2, %n file, %3 lines added, %4 removed, branch %5</numerusform>
            <numerusform>%1, %2, %n files, %3 lines added, %4 removed, branch %5</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>muster::app::Cli</name>
    <message numerus="yes">
        <source>  ▸ %1: %n item(s)</source>
        <translation>
            <numerusform>  ▸ %1: %n item</numerusform>
            <numerusform>  ▸ %1: %n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) changed on branch %1 (+%2 −%3) in %4</source>
        <translation>
            <numerusform>%n file changed on branch %1 (+%2 −%3) in %4</numerusform>
            <numerusform>%n files changed on branch %1 (+%2 −%3) in %4</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: no problems, %n step(s)</source>
        <translation>
            <numerusform>%1: no problems, %n step</numerusform>
            <numerusform>%1: no problems, %n steps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %n problem(s)</source>
        <translation>
            <numerusform>%1: %n problem</numerusform>
            <numerusform>%1: %n problems</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… (%n line(s) before)</source>
        <translation>
            <numerusform>… (%n line before)</numerusform>
            <numerusform>… (%n lines before)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n item(s) completed</source>
        <translation>
            <numerusform>%1 of %n item completed</numerusform>
            <numerusform>%1 of %n items completed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>(%n running)</source>
        <translation>
            <numerusform>(%n running)</numerusform>
            <numerusform>(%n running)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) later it would meet nobody.</source>
        <translation>
            <numerusform>%n minute later it would meet nobody.</numerusform>
            <numerusform>%n minutes later it would meet nobody.</numerusform>
        </translation>
    </message>
</context>
</TS>
