"""Takes uploaded files into memory alone: no byte of them is ever written to a disk."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest


class MemoryOnly(FileUploadHandler):
    """Holds every file of a request in memory, up to `most` bytes in all; `is_over` says that more was sent.

    It must be the only handler of the request, and be put there before anything reads the form.
    """

    def __init__(self, request: HttpRequest | None = None, *, most: int) -> None:
        super().__init__(request)
        self.most, self.taken, self.is_over = most, 0, False
        self.blocks: list[bytes] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begins with the next file."""
        super().new_file(*args, **kwargs)
        self.blocks = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keeps the next part of the file; once there is too much, lets go of all of it and reads no further."""
        self.taken += len(raw_data)
        if self.taken > self.most:
            self.is_over, self.blocks = True, []
            raise StopUpload(connection_reset=False)
        self.blocks.append(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file as forms take it."""
        data, self.blocks = io.BytesIO(b"".join(self.blocks)), []
        return InMemoryUploadedFile(
            data, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset,
            self.content_type_extra,
        )  # fmt: skip
