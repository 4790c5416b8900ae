#include "ui/dialogs/settings_dialog.h"

#include "ui/dialogs/keys_page.h"
#include "ui/dialogs/permissions_page.h"
#include "ui/dialogs/providers_page.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/list_view.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {

SettingsDialog::SettingsDialog(NodeFeed *feed, QWidget *parent)
    : QDialog(parent)
    , m_titles(new QStandardItemModel(this))
    , m_pages(new QStackedWidget(this))
{
    setWindowTitle(tr("Settings"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_names = new ListView(tr("Pages"), [](const QModelIndex &index) {
        return RowLook{.sign = {index.data(Qt::UserRole).toString(), &ThemeColors::text},
                       .title = index.data().toString()};
    }, false, this);
    m_names->setModel(m_titles);
    m_names->setFixedWidth(metrics::units(36));
    addPage(u"agent"_s, tr("Providers"), new ProvidersPage(feed, m_pages));
    addPage(u"key"_s, tr("Keys"), new KeysPage(feed, m_pages));
    addPage(u"permission"_s, tr("Permissions"), new PermissionsPage(feed, m_pages));
    connect(m_names, &ListView::currentMoved, m_pages,
            [this](const QModelIndex &index) { m_pages->setCurrentIndex(index.row()); });
    m_names->setCurrentIndex(m_titles->index(0, 0));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    // Enter belongs to what has the focus.
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false);
    auto *row = new QHBoxLayout;
    row->setSpacing(metrics::wide());
    row->addWidget(m_names);
    row->addWidget(m_pages, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::wide(), metrics::wide(), metrics::wide(), metrics::wide());
    column->setSpacing(metrics::units(3));
    column->addLayout(row, 1);
    column->addWidget(buttons);
    resize(metrics::units(220), metrics::units(130));
}

void SettingsDialog::addPage(const QString &icon, const QString &title, QWidget *page)
{
    auto *item = new QStandardItem(title);
    item->setData(icon, Qt::UserRole);
    m_titles->appendRow(item);
    const auto buttons = page->findChildren<QPushButton *>();
    for (QPushButton *button : buttons)
        button->setAutoDefault(false);
    m_pages->addWidget(page);
}

} // namespace muster
