#include "app/demo_agent/answer/help_text.h"

#include "app/demo_agent/analysis/text.h"

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QString abilities()
{
    return u"- **Look over it**: “inventory”, “list languages and sizes”, “which parts are there?”\n"
           "- **Read a part**: “read src/parser and summarise it in five lines”, “what does module store "
           "do?”\n"
           "- **Find**: “where is Store defined?”, “find `retry`”, “show the TODOs”, “which files are "
           "largest?”\n"
           "- **History**: “what changed last week?”, “which files change most?”, “who wrote this?”\n"
           "- **Tests and building**: “how many tests?”, “which parts have no tests?”, “how do I build it?”\n"
           "- **Change** (I ask first): “write NOTES.md with …”, “append `x` to FILE”, “replace `a` by `b` "
           "in FILE”, "
           "“write SURVEY.md”, “write src/NOTES.md with a summary of `src`”, “run `make test`”\n"
           "- **For flows**: review a diff, plan descriptions of the parts, classify an issue, write a "
           "report from "
           "material\n"_s;
}

} // namespace

QString helpText()
{
    return u"I am the demo agent of Muster. I have no language model and use no network: I understand a "
           u"small set of requests, "
           "count and read the files of this project, and answer with what is really in them.\n\n"_s +
           abilities();
}

QString notUnderstoodText(const QString &instruction)
{
    return u"I did not understand “"_s + shortened(instruction, 100) +
           u"”. I have no language model, only a small set of requests that I know, so I cannot write new "
           u"code or judge a design. "
           "Another runtime can; from me you can have:\n\n"_s +
           abilities();
}

} // namespace muster::demo
