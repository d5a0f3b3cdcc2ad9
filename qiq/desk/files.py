"""Pictures visitors sent: where the re-encoded copy lies, and whose it is."""

from __future__ import annotations

from sqlalchemy import insert, select

from qiq.desk.model import FileRecord
from qiq.desk.schema import files
from qiq.desk.store import Store


class Files(Store):
    """The bytes are in the state folder; the desk knows them by id."""

    def add_file(self, record: FileRecord) -> None:
        """Puts an uploaded picture on record."""
        with self.write() as connection:
            connection.execute(
                insert(files).values(
                    id=record.id,
                    conversation_id=record.conversation_id,
                    mime=record.mime,
                    width=record.width,
                    height=record.height,
                    path=record.path,
                    at=record.at,
                )
            )

    def file(self, conversation_id: str, file_id: str) -> FileRecord | None:
        """A picture of this conversation, or None."""
        with self.read() as connection:
            row = connection.execute(
                select(files).where(
                    files.c.id == file_id, files.c.conversation_id == conversation_id
                )
            ).first()
        if row is None:
            return None
        return FileRecord(
            row.id, row.conversation_id, row.mime, row.width, row.height, row.path, row.at
        )
