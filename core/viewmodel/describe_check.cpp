#include "core/viewmodel/describe.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Advice {
    QLatin1StringView code;
    const char *text;
};

constexpr std::array advices{
    Advice{"reinstall"_L1,
           QT_TRANSLATE_NOOP("Describe",
                             "This program belongs to Muster and is not there. Install Muster again.")},
    Advice{"free_disk"_L1,
           QT_TRANSLATE_NOOP("Describe",
                             "Little room is left. Muster stops writing when the disk is full: make room.")},
    Advice{"containment"_L1,
           QT_TRANSLATE_NOOP("Describe",
                             "Processes of agents are found by their ancestry only, as nothing better is to "
                             "be had here. One that hides from its parent may outlive its agent.")},
    Advice{"install_git"_L1, QT_TRANSLATE_NOOP("Describe", "Flows that write need git. Install it.")},
    Advice{"project"_L1, QT_TRANSLATE_NOOP("Describe", "This folder cannot be a project.")},
    Advice{"not_git"_L1,
           QT_TRANSLATE_NOOP("Describe", "This is not a git repository, so flows that write cannot run here. "
                                         "To make it one: git init && git add -A && git commit")},
    Advice{"no_commit"_L1, QT_TRANSLATE_NOOP("Describe", "The repository has no commit yet, so flows that "
                                                         "write cannot run here: git add -A && git commit")},
};

} // namespace

QString adviceFor(const api::CheckItem &item)
{
    const auto *const found = std::ranges::find(advices, item.advice, &Advice::code);
    return found == advices.end() ? QString() : QCoreApplication::translate("Describe", found->text);
}

} // namespace muster
